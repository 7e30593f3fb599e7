/// <reference path="../.sst/platform/config.d.ts" />

/**
 * SST 4.17.1 lets the account root assume every Lambda role, deployed or not: its test for `sst dev` negates an Output,
 * which is never falsy. Only services may assume our roles.
 */
export const guardRoles = (): void => {
  if ($dev) return;
  $transform(aws.iam.Role, (args) => {
    args.assumeRolePolicy = $output(args.assumeRolePolicy).apply((policy) => {
      const document = typeof policy === "string" ? JSON.parse(policy) : policy;
      for (const statement of document.Statement) if (statement.Principal) delete statement.Principal.AWS;
      return JSON.stringify(document);
    });
  });
};
