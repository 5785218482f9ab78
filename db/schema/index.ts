export * from "./account-freezes";
export * from "./accounts";
export * from "./catalogue";
export * from "./generations";
export * from "./ledger";
export * from "./sign-in";
