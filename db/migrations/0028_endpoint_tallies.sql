CREATE UNLOGGED TABLE "endpoint_tallies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "endpoint_tallies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"process" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"answered" integer NOT NULL,
	"failed" integer NOT NULL,
	"first_token" jsonb NOT NULL,
	"throughput" jsonb NOT NULL,
	"circuit" jsonb,
	"throttled_for_ms" integer
);
--> statement-breakpoint
CREATE TABLE "operator_alerts" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"message" text NOT NULL,
	"detail" text,
	"times" integer DEFAULT 1 NOT NULL,
	"raised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "operator_alerts_kind_subject_pk" PRIMARY KEY("kind","subject")
);
--> statement-breakpoint
CREATE INDEX "endpoint_tallies_at" ON "endpoint_tallies" USING btree ("at");