CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"posted_nano" bigint DEFAULT 0 NOT NULL,
	"held_nano" bigint DEFAULT 0 NOT NULL,
	"floor_nano" bigint DEFAULT 0 NOT NULL,
	"frozen" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_held_not_negative" CHECK ("accounts"."held_nano" >= 0)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text DEFAULT 'inference' NOT NULL,
	"hash" text NOT NULL,
	"label" text NOT NULL,
	"limit_nano" bigint,
	"reset" text DEFAULT 'none' NOT NULL,
	"window_start" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"spent_nano" bigint DEFAULT 0 NOT NULL,
	"held_nano" bigint DEFAULT 0 NOT NULL,
	"disabled" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash"),
	CONSTRAINT "api_keys_limit_not_negative" CHECK ("api_keys"."limit_nano" >= 0),
	CONSTRAINT "api_keys_held_not_negative" CHECK ("api_keys"."held_nano" >= 0)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"email" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'user' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "catalogue_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"edition" text
);
--> statement-breakpoint
CREATE TABLE "companies" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "endpoint_prices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"valid_from" timestamp with time zone DEFAULT now() NOT NULL,
	"prompt_pico" bigint NOT NULL,
	"completion_pico" bigint NOT NULL,
	"cache_read_pico" bigint,
	"cache_write_pico" bigint,
	"cache_write_hour_pico" bigint,
	"reasoning_pico" bigint,
	"audio_pico" bigint,
	"image_nano" bigint DEFAULT 0 NOT NULL,
	"request_nano" bigint DEFAULT 0 NOT NULL,
	"tiers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "endpoint_prices_moment" UNIQUE("endpoint_id","valid_from")
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_slug" text NOT NULL,
	"provider_slug" text NOT NULL,
	"variant" text DEFAULT '' NOT NULL,
	"upstream_model" text NOT NULL,
	"wire" text,
	"context_length" integer NOT NULL,
	"max_output" integer,
	"supported_parameters" text[] DEFAULT '{}' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "endpoints_identity" UNIQUE("model_slug","provider_slug","variant")
);
--> statement-breakpoint
CREATE TABLE "model_aliases" (
	"alias" text PRIMARY KEY NOT NULL,
	"model_slug" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "models" (
	"slug" text PRIMARY KEY NOT NULL,
	"company_slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"context_length" integer NOT NULL,
	"input_modalities" text[] DEFAULT '{text}' NOT NULL,
	"output_modalities" text[] DEFAULT '{text}' NOT NULL,
	"tokenizer" text DEFAULT 'Other' NOT NULL,
	"reasoning" boolean DEFAULT false NOT NULL,
	"released_at" timestamp with time zone,
	"enabled" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"base_url" text,
	"sealed_api_key" text,
	"enabled" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "generations" (
	"id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"requested_model" text NOT NULL,
	"model_slug" text NOT NULL,
	"provider_slug" text,
	"endpoint_id" uuid,
	"upstream_model" text,
	"streamed" boolean DEFAULT false NOT NULL,
	"outcome" text NOT NULL,
	"finish_reason" text,
	"native_finish_reason" text,
	"error_type" text,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"cache_read_tokens" integer DEFAULT 0 NOT NULL,
	"cache_write_tokens" integer DEFAULT 0 NOT NULL,
	"cache_write_hour_tokens" integer DEFAULT 0 NOT NULL,
	"audio_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"reasoning_tokens" integer DEFAULT 0 NOT NULL,
	"images" integer DEFAULT 0 NOT NULL,
	"usage_source" text DEFAULT 'none' NOT NULL,
	"cost_nano" bigint DEFAULT 0 NOT NULL,
	"upstream_cost_nano" bigint DEFAULT 0 NOT NULL,
	"overage_nano" bigint DEFAULT 0 NOT NULL,
	"price_id" uuid,
	"markup_basis_points" integer DEFAULT 0 NOT NULL,
	"attempts" jsonb,
	"first_token_ms" integer,
	"total_ms" integer,
	"session_id" text,
	"external_user" text,
	"app_url" text,
	"app_title" text,
	CONSTRAINT "generations_id_created_at_pk" PRIMARY KEY("id","created_at")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"amount_nano" bigint NOT NULL,
	"on_key" boolean DEFAULT false NOT NULL,
	"checkpoint_nano" bigint DEFAULT 0 NOT NULL,
	"progress" jsonb,
	"status" text DEFAULT 'open' NOT NULL,
	"settled_nano" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "holds_amount_not_negative" CHECK ("holds"."amount_nano" >= 0),
	CONSTRAINT "holds_checkpoint_within_amount" CHECK ("holds"."checkpoint_nano" between 0 and "holds"."amount_nano")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid NOT NULL,
	"amount_nano" bigint NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"source_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "ledger_source" UNIQUE("source","source_id","kind"),
	CONSTRAINT "ledger_amount_not_zero" CHECK ("ledger"."amount_nano" <> 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"provider" text DEFAULT 'stripe' NOT NULL,
	"checkout_session_id" text,
	"payment_intent_id" text,
	"expected_amount_minor" integer NOT NULL,
	"currency" text DEFAULT 'usd' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"credited_nano" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_checkout_session_id_unique" UNIQUE("checkout_session_id"),
	CONSTRAINT "payments_payment_intent_id_unique" UNIQUE("payment_intent_id")
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payload_hash" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone,
	"error" text,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoint_prices" ADD CONSTRAINT "endpoint_prices_endpoint_id_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_model_slug_models_slug_fk" FOREIGN KEY ("model_slug") REFERENCES "public"."models"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_provider_slug_providers_slug_fk" FOREIGN KEY ("provider_slug") REFERENCES "public"."providers"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_model_slug_models_slug_fk" FOREIGN KEY ("model_slug") REFERENCES "public"."models"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_company_slug_companies_slug_fk" FOREIGN KEY ("company_slug") REFERENCES "public"."companies"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_account" ON "api_keys" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "endpoints_provider" ON "endpoints" USING btree ("provider_slug");--> statement-breakpoint
CREATE INDEX "generations_account" ON "generations" USING btree ("account_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "generations_key" ON "generations" USING btree ("key_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "holds_due" ON "holds" USING btree ("expires_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "ledger_account" ON "ledger" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "payments_account" ON "payments" USING btree ("account_id","created_at");