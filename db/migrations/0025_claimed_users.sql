ALTER TABLE "users" ADD COLUMN "claimed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Nobody can say of those who are there whether they made themselves: who has shown nothing has claimed.
update users set claimed = true where email_verified_at is null and role = 'user';
