export * from "./account-freezes";
export * from "./accounts";
export * from "./audit";
export * from "./catalogue";
export * from "./generations";
export * from "./ledger";
export * from "./redemption-codes";
export * from "./sign-in";
