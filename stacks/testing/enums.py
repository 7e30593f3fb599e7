"""Compares an evaluation with botocore's service models: enumerations, ranges, lengths and patterns, which types do not have.

    python3 stacks/testing/enums.py resources.json [other.json …]

Prints the findings of each file and how many values were compared, as JSON. Debian's botocore is older than the provider: NEWER lists
values that it does not contain yet.
"""
import json
import re
import sys

import botocore.session

# By Pulumi type: the service, its create operation, and the member of the input that has the properties.
OPERATIONS = {
    "aws:apigatewayv2/api:Api": ("apigatewayv2", "CreateApi"),
    "aws:apigatewayv2/integration:Integration": ("apigatewayv2", "CreateIntegration"),
    "aws:apigatewayv2/stage:Stage": ("apigatewayv2", "CreateStage"),
    "aws:appautoscaling/policy:Policy": ("application-autoscaling", "PutScalingPolicy"),
    "aws:appautoscaling/target:Target": ("application-autoscaling", "RegisterScalableTarget"),
    "aws:backup/plan:Plan": ("backup", "CreateBackupPlan", "BackupPlan"),
    "aws:budgets/budget:Budget": ("budgets", "CreateBudget", "Budget"),
    "aws:cloudfront/originAccessControl:OriginAccessControl": (
        "cloudfront",
        "CreateOriginAccessControl",
        "OriginAccessControlConfig",
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("cloudwatch", "PutCompositeAlarm"),
    "aws:cloudwatch/eventRule:EventRule": ("events", "PutRule"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("logs", "PutMetricFilter"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch", "PutMetricAlarm"),
    "aws:codedeploy/application:Application": ("codedeploy", "CreateApplication"),
    "aws:codedeploy/deploymentGroup:DeploymentGroup": ("codedeploy", "CreateDeploymentGroup"),
    "aws:cognito/userPool:UserPool": ("cognito-idp", "CreateUserPool"),
    "aws:cognito/userPoolClient:UserPoolClient": ("cognito-idp", "CreateUserPoolClient"),
    "aws:ec2/subnet:Subnet": ("ec2", "CreateSubnet"),
    "aws:ecs/service:Service": ("ecs", "CreateService"),
    "aws:ecs/taskDefinition:TaskDefinition": ("ecs", "RegisterTaskDefinition"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("elasticache", "CreateReplicationGroup"),
    "aws:kms/key:Key": ("kms", "CreateKey"),
    "aws:lambda/alias:Alias": ("lambda", "CreateAlias"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": ("lambda", "CreateEventSourceMapping"),
    "aws:lambda/function:Function": ("lambda", "CreateFunction"),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ("lambda", "PutFunctionEventInvokeConfig"),
    "aws:rds/instance:Instance": ("rds", "CreateDBInstance"),
    "aws:rds/proxy:Proxy": ("rds", "CreateDBProxy"),
    "aws:scheduler/schedule:Schedule": ("scheduler", "CreateSchedule"),
    "aws:wafv2/webAcl:WebAcl": ("wafv2", "CreateWebACL"),
}

# Pulumi property names that differ from AWS's.
RENAMED = {"evaluationwindowsec": "evaluationwindow"}

# Newer than botocore 1.29 (December 2022).
NEWER = {"nodejs24.x"}


def plain(value):
    if isinstance(value, dict) and "$secret" in value:
        return plain(value["$secret"])
    return value


def compare(value, shape, path, findings, counts):
    value = plain(value)
    if value is None:
        return
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): member for name, member in shape.members.items()}
        for key, inner in value.items():
            lower = RENAMED.get(key.lower(), key.lower())
            # The name of a Pulumi list is often singular where AWS's is plural.
            member = members.get(lower) or members.get(lower + "s")
            if member is not None:
                compare(inner, member, f"{path}.{key}", findings, counts)
    elif shape.type_name == "structure" and isinstance(value, list) and len(value) == 1:
        compare(value[0], shape, path, findings, counts)
    elif shape.type_name == "list" and isinstance(value, list):
        for at, inner in enumerate(value):
            compare(inner, shape.member, f"{path}[{at}]", findings, counts)
    elif shape.type_name == "string" and isinstance(value, str):
        counts.append(path)
        enum = getattr(shape, "enum", None)
        if enum and value not in enum and value not in NEWER:
            findings.append(f"{path}: {value} is none of {', '.join(enum)}")
        bounds(len(value), shape, f"the length of {path}", findings)
        pattern = shape.metadata.get("pattern")
        if pattern and not matches(pattern, value):
            findings.append(f"{path}: {value} does not match {pattern}")
    elif shape.type_name in ("integer", "long", "float", "double") and isinstance(value, (int, float)):
        counts.append(path)
        bounds(value, shape, path, findings)


def matches(pattern, value):
    try:
        return re.search(pattern, value, re.DOTALL) is not None
    except re.error:
        # The patterns are written for Java; Python does not support some character classes.
        return True


def bounds(number, shape, what, findings):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and number < low or high is not None and number > high:
        findings.append(f"{what}: {number} is not within {low} and {high}")


def main():
    session = botocore.session.get_session()
    results = []
    for path in sys.argv[1:]:
        findings, counts = [], []
        with open(path) as file:
            resources = json.load(file)
        for resource in resources:
            if resource["type"] not in OPERATIONS:
                continue
            service, operation, *member = OPERATIONS[resource["type"]]
            shape = session.get_service_model(service).operation_model(operation).input_shape
            for name in member:
                shape = shape.members[name]
            compare(resource["inputs"], shape, resource["name"], findings, counts)
        results.append({"findings": findings, "compared": len(counts)})
    json.dump(results, sys.stdout)


main()
