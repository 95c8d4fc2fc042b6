import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names. Of two that set the same property, the later one applies. */
export const cn = (...classes: ClassValue[]): string => twMerge(clsx(classes));
