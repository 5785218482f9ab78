DROP INDEX "generations_account";--> statement-breakpoint
DROP INDEX "generations_key";--> statement-breakpoint
CREATE INDEX "generations_account" ON "generations" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "generations_key" ON "generations" USING btree ("key_id","created_at");