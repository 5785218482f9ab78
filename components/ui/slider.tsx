"use client";

import { Slider as SliderPrimitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

type Props = ComponentProps<typeof SliderPrimitive.Root> & {
  /** A name for each thumb, in order. */
  labels: string[];
  /** What is read out for a position that is not itself the value. */
  valueText?: (value: number) => string;
};

export function Slider({ className, labels, valueText, value, ...props }: Props) {
  return (
    <SliderPrimitive.Root
      data-slot="slider"
      value={value}
      className={cn("relative flex w-full touch-none items-center py-2 select-none", className)}
      {...props}
    >
      <SliderPrimitive.Track className="relative h-1 w-full grow overflow-hidden rounded-full bg-input">
        <SliderPrimitive.Range className="absolute h-full bg-brand" />
      </SliderPrimitive.Track>
      {labels.map((label, position) => (
        <SliderPrimitive.Thumb
          key={label}
          aria-label={label}
          aria-valuetext={value && valueText?.(value[position] ?? 0)}
          className="block size-4 cursor-pointer rounded-full border border-brand bg-background shadow-xs outline-none focus-visible:ring-4 focus-visible:ring-ring/40"
        />
      ))}
    </SliderPrimitive.Root>
  );
}
