const PROTOCOLS = ["http:", "https:", "mailto:"];

/** A link that a model wrote, if it leads out of here by a harmless way; a relative one would act in the reader's name. */
export function safeUrl(text: string | undefined): string | undefined {
  const url = text && URL.canParse(text) ? new URL(text) : undefined;
  return url && PROTOCOLS.includes(url.protocol) ? url.href : undefined;
}

const PICTURE = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]+$/;

/** A picture that can be shown without asking anyone for it. */
export const isInlinePicture = (url: string): boolean => PICTURE.test(url);
