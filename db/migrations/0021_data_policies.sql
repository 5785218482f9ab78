ALTER TABLE "endpoints" ADD COLUMN "quantization" text;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "trains_on_prompts" boolean;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "retains_prompts" boolean;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "distillable" boolean;--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "trains_on_prompts" boolean;--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "retains_prompts" boolean;