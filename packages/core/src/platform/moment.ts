import { z } from "zod";

/**
 * A time with an offset, in a year that JavaScript and PostgreSQL format in the same way. The offset can change the year:
 * `9999-12-31T23:59:59-05:00` is in the year 10000.
 */
export const momentText = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= 1 && year <= 9999;
}, "must be in the years 1 to 9999");
