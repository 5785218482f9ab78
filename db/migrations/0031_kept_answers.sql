CREATE TABLE "kept_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"lookup" text,
	"asked" text,
	"generation_id" text,
	"status" integer,
	"headers" jsonb,
	"ended_at" timestamp with time zone,
	"failed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"beat_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "kept_answers_lookup" UNIQUE("lookup"),
	CONSTRAINT "kept_answers_generation" UNIQUE("generation_id")
);
--> statement-breakpoint
CREATE TABLE "kept_pieces" (
	"answer_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"last_event" integer NOT NULL,
	"sealed" text NOT NULL,
	CONSTRAINT "kept_pieces_answer_id_seq_pk" PRIMARY KEY("answer_id","seq")
);
--> statement-breakpoint
ALTER TABLE "kept_answers" ADD CONSTRAINT "kept_answers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_pieces" ADD CONSTRAINT "kept_pieces_answer_id_kept_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."kept_answers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "kept_answers_expiry" ON "kept_answers" USING btree ("expires_at");