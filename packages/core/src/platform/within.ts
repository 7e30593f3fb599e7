/** The result of `work`, when it is there in time. `work` itself goes on. @throws what `tooLate` returns, otherwise */
export const within = async <T>(milliseconds: number, work: Promise<T>, tooLate: () => Error): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), milliseconds);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
};
