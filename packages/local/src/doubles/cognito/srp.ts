import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * The server's half of Cognito's SRP: the group of 3,072 bits of RFC 3526, SHA-256, and numbers in the form of Java's
 * BigInteger. cognito-srp-helper is the client's half.
 */
const prime = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
const generator = 2n;

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  let square = base % prime;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
};

const numberOf = (hex: string): bigint => BigInt(`0x${hex || "0"}`);
/** Whole bytes, with a zero byte before a first bit that would be a sign. */
const bytesOf = (value: bigint): Buffer => {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
};
const hash = (...parts: Buffer[]): string => createHash("sha256").update(Buffer.concat(parts)).digest("hex");
const multiplier = numberOf(hash(bytesOf(prime), bytesOf(generator)));
const random = (): bigint => numberOf(randomBytes(32).toString("hex"));

/** What is stored instead of a password. */
export type Verifier = { salt: string; verifier: string };
/** Whose password: `poolName` is the pool's id after its region, `user` the subject. */
type Owner = { poolName: string; user: string };

const verifierOf = ({ poolName, user }: Owner, password: string, salt: string): string => {
  const credential = Buffer.from(hash(Buffer.from(`${poolName}${user}:${password}`)), "hex");
  return power(generator, numberOf(hash(bytesOf(numberOf(salt)), credential))).toString(16);
};

export const newVerifier = (owner: Owner, password: string): Verifier => {
  const salt = randomBytes(16).toString("hex");
  return { salt, verifier: verifierOf(owner, password, salt) };
};

export const isPassword = (owner: Owner, password: string, { salt, verifier }: Verifier): boolean =>
  isSame(verifierOf(owner, password, salt), verifier);

const isSame = (one: string, other: string): boolean => {
  const [first, second] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(first!, second!);
};

/** The server's numbers of one sign-in: `b` stays here, `B` goes to the client. */
export const newChallenge = ({ verifier }: Verifier): { b: string; B: string } => {
  const b = random();
  const B = (multiplier * numberOf(verifier) + power(generator, b)) % prime;
  return { b: b.toString(16), B: B.toString(16) };
};

/** A multiple of the prime would make the key known to everybody. */
export const isPublicValue = (A: string): boolean => /^[0-9a-f]{1,1024}$/i.test(A) && numberOf(A) % prime !== 0n;

export const isSignature = (
  given: string,
  { verifier }: Verifier,
  {
    poolName,
    user,
    A,
    B,
    b,
    secretBlock,
    timestamp,
  }: Owner & Record<"A" | "B" | "b" | "secretBlock" | "timestamp", string>,
): boolean => {
  const u = numberOf(hash(bytesOf(numberOf(A)), bytesOf(numberOf(B))));
  if (u === 0n) return false;
  const shared = power(numberOf(A) * power(numberOf(verifier), u), numberOf(b));
  const key = hkdfSync("sha256", bytesOf(shared), bytesOf(u), "Caldera Derived Key", 16);
  const signed = [poolName, user, Buffer.from(secretBlock, "base64"), timestamp];
  const mac = createHmac("sha256", Buffer.from(key));
  for (const part of signed) mac.update(part);
  return isSame(mac.digest("base64"), given);
};
