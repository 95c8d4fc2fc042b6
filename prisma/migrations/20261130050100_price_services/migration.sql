-- Factors of an own price for service tiers, speeds and regions, by service. Null: the catalogue's apply. Rows of earlier versions have none.
ALTER TABLE price_override ADD COLUMN services JSONB;
