CREATE TABLE "account_closures" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"closed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"scrubbed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "account_settings" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"routing" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"log_prompts" boolean DEFAULT false NOT NULL,
	"low_balance_nano" bigint,
	"low_balance_told_at" timestamp with time zone,
	"tell_key_limits" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_limit_notices" (
	"key_id" uuid NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"limit_nano" bigint NOT NULL,
	"share" integer NOT NULL,
	"told_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "key_limit_notices_key_id_window_start_limit_nano_share_pk" PRIMARY KEY("key_id","window_start","limit_nano","share")
);
--> statement-breakpoint
CREATE TABLE "prompt_logs" (
	"generation_id" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"sealed" text NOT NULL,
	"is_cut" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_closures" ADD CONSTRAINT "account_closures_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_settings" ADD CONSTRAINT "account_settings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_limit_notices" ADD CONSTRAINT "key_limit_notices_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_logs" ADD CONSTRAINT "prompt_logs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_closures_due" ON "account_closures" USING btree ("closed_at") WHERE scrubbed_at is null;--> statement-breakpoint
CREATE INDEX "prompt_logs_account" ON "prompt_logs" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "prompt_logs_age" ON "prompt_logs" USING btree ("created_at");