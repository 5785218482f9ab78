ALTER TABLE "endpoints" ADD COLUMN "connect_timeout_ms" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "headers_timeout_ms" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "first_token_timeout_ms" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "idle_timeout_ms" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "total_timeout_ms" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_timeouts" CHECK (least("endpoints"."connect_timeout_ms", "endpoints"."headers_timeout_ms", "endpoints"."first_token_timeout_ms", "endpoints"."idle_timeout_ms", "endpoints"."total_timeout_ms") > 0);