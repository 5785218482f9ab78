import nodemailer, { type Transporter } from "nodemailer";
import { env } from "./env";
import { AppError } from "./errors";
import { processWide } from "./process-wide";

export type Mail = { to: string; subject: string; text: string };

/** Without SMTP_URL nothing is sent, and pages offer nothing that needs a mail. */
export const mailWorks = () => env().SMTP_URL !== undefined;

/** @throws AppError `not_found` */
export function requireMail(): void {
  if (!mailWorks()) throw new AppError("not_found", "This site sends no mail. Ask its operator.");
}

const transport = () =>
  processWide<Transporter>("mail", () => nodemailer.createTransport(env().SMTP_URL ?? "", { from: env().MAIL_FROM }));

/** Plain text only: nothing of what a user wrote can become markup. @throws Error when the server does not take it */
export async function sendMail({ to, subject, text }: Mail): Promise<void> {
  // As an object it is one recipient, whatever it looks like.
  await transport().sendMail({ to: { name: "", address: to }, subject, text });
}
