CREATE TABLE "preset_versions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"preset_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"config" jsonb NOT NULL,
	"system_prompt" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "preset_versions_version" UNIQUE("preset_id","version")
);
--> statement-breakpoint
CREATE TABLE "presets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"status" text DEFAULT 'active' NOT NULL,
	"status_updated_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "presets_slug" UNIQUE("account_id","slug")
);
--> statement-breakpoint
ALTER TABLE "generations" ADD COLUMN "route" jsonb;--> statement-breakpoint
ALTER TABLE "preset_versions" ADD CONSTRAINT "preset_versions_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presets" ADD CONSTRAINT "presets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint

-- The same as before, and why a request went where it did.
create or replace function generations_write(p_items jsonb, p_ids text[]) returns void
language plpgsql set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, endpoint_id,
      upstream_model, streamed, outcome, finish_reason, native_finish_reason, error_type, input_tokens, cache_read_tokens,
      cache_write_tokens, cache_write_hour_tokens, audio_tokens, output_tokens, reasoning_tokens, images, usage_source,
      cost_nano, is_byok, byok_usage_nano, upstream_cost_nano, overage_nano, price_id, markup_basis_points, attempts, route,
      first_token_ms, total_ms, session_id, external_user, app_url, app_title)
    select h.id, h.created_at, h.account_id, h.key_id, coalesce(i.requested_model, ''), coalesce(i.model_slug, ''),
      i.provider_slug, i.endpoint_id, i.upstream_model, coalesce(i.streamed, false), coalesce(i.outcome, 'expired'),
      i.finish_reason, i.native_finish_reason, i.error_type, coalesce(i.input_tokens, 0), coalesce(i.cache_read_tokens, 0),
      coalesce(i.cache_write_tokens, 0), coalesce(i.cache_write_hour_tokens, 0), coalesce(i.audio_tokens, 0),
      coalesce(i.output_tokens, 0), coalesce(i.reasoning_tokens, 0), coalesce(i.images, 0), coalesce(i.usage_source, 'none'),
      h.settled_nano, coalesce(i.is_byok, false), coalesce(h.byok_nano, 0), coalesce(i.upstream_cost_nano, 0), greatest(0, coalesce(i.cost_nano, 0) - h.settled_nano), i.price_id,
      coalesce(i.markup_basis_points, 0), i.attempts, i.route, i.first_token_ms, i.total_ms,
      i.session_id, i.external_user, i.app_url, i.app_title
    from jsonb_populate_recordset(null::generations, p_items) i join holds h on h.id = i.id
   where i.id = any (p_ids)
  on conflict (id, created_at) do update set
      provider_slug = excluded.provider_slug, endpoint_id = excluded.endpoint_id, upstream_model = excluded.upstream_model,
      outcome = excluded.outcome, finish_reason = excluded.finish_reason, native_finish_reason = excluded.native_finish_reason,
      error_type = excluded.error_type, input_tokens = excluded.input_tokens, cache_read_tokens = excluded.cache_read_tokens,
      cache_write_tokens = excluded.cache_write_tokens, cache_write_hour_tokens = excluded.cache_write_hour_tokens,
      audio_tokens = excluded.audio_tokens, images = excluded.images, output_tokens = excluded.output_tokens, reasoning_tokens = excluded.reasoning_tokens, usage_source = excluded.usage_source,
      cost_nano = excluded.cost_nano, is_byok = excluded.is_byok, byok_usage_nano = excluded.byok_usage_nano, upstream_cost_nano = excluded.upstream_cost_nano, overage_nano = excluded.overage_nano,
      price_id = excluded.price_id, markup_basis_points = excluded.markup_basis_points, attempts = excluded.attempts, route = excluded.route, first_token_ms = excluded.first_token_ms, total_ms = excluded.total_ms;
end $$;
