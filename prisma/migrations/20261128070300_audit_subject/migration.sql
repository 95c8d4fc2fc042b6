-- What was deleted is found by its subject: the audit log keeps its last name.
CREATE INDEX "audit_entry_org_id_subject_idx" ON "audit_entry"("org_id", "subject");
