/// <reference path="../.sst/platform/config.d.ts" />

/**
 * Removes the account root from the trust policy of every role. SST 4.17.1 lets the account root assume every Lambda
 * role, because its test for `sst dev` negates an Output, which is always truthy.
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
