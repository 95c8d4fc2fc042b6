-- The model behind a name that is not one, such as that of an Azure deployment. Null: the name is the model's.
ALTER TABLE target ADD COLUMN base_model TEXT;
