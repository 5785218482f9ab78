CREATE TABLE "announcements" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"text" text NOT NULL,
	"severity" text NOT NULL,
	"shown_from" timestamp with time zone DEFAULT now() NOT NULL,
	"shown_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "announcements_in_order" CHECK ("announcements"."shown_until" > "announcements"."shown_from")
);
--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "api_key_label" text;--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "api_key_set_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "users_created" ON "users" USING btree ("created_at","id");