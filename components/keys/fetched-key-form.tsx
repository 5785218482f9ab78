"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "../ui/skeleton";

/** The form of a key, with all that its fields are made of: fetched when a dialog with it is opened. */
export const FetchedKeyForm = dynamic(() => import("./key-form").then(({ KeyForm }) => KeyForm), {
  ssr: false,
  loading: () => <Skeleton className="h-96" />,
});
