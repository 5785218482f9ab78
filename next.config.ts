import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Native or large, and nothing to gain from bundling.
  serverExternalPackages: [
    "@anthropic-ai/sdk",
    "@google/genai",
    "@node-rs/argon2",
    "gpt-tokenizer",
    "nodemailer",
    "openai",
    "pino",
    "postgres",
    "undici",
  ],
  // `npm test` checks types, over the scripts and tests too.
  typescript: { ignoreBuildErrors: true },
  outputFileTracingIncludes: {
    "/*": ["./db/migrations/**/*", "./docs/*.md", "./lib/gateway/pdf-worker.mjs", "./node_modules/unpdf/**/*"],
    "/docs/*": ["./docs/*.md"],
  },
  experimental: { turbopackFileSystemCacheForBuild: true, serverActions: { bodySizeLimit: "256kb" } },
};

export default config;
