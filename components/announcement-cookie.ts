/** The cookie with the ids of announcements that this browser does not want to see again, with dots between. */
export const DISMISSED = "dismissed";
