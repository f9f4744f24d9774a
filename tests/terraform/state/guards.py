"""Resource policies: nobody in plain text, nobody from another account, and nothing else in the way."""

from collections.abc import Mapping

from tests.doubles.terraform.state import State
from tests.terraform.iam.evaluator import ANONYMOUS, Decision, Principal, Target, decide
from tests.terraform.state.world import GUARDED, key_policy, policy_of, some, world

_FOREIGN = "999999999999"
ASKED: Mapping[str, tuple[str, ...]] = {
    "aws_dynamodb_table": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:DeleteItem"),
    "aws_kinesis_stream": (
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
    ),
    "aws_s3_bucket": ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"),
    "aws_secretsmanager_secret": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
    "aws_sns_topic": ("sns:Publish", "sns:Subscribe"),
    "aws_sqs_queue": ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"),
}
"""Type of resource -> what a stranger would like to do with it."""

_MAY_ALL = [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]


def unguarded(state: State) -> list[str]:
    """Queues, streams, topics, buckets, secrets and tables whose policy lets in whom it should not."""
    found = list(some(state, *ASKED))
    place = world(state)
    ours = Principal(place.account, f"arn:{place.partition}:iam::{place.account}:role/any", policies=_MAY_ALL)
    theirs = Principal(_FOREIGN, f"arn:{place.partition}:iam::{_FOREIGN}:role/any", policies=_MAY_ALL)
    plain = {"aws:SecureTransport": "false"}
    for kind, actions in ASKED.items():
        for resource in state.of(kind):
            policy = policy_of(state, resource)
            if policy is None:
                found.append(f"{resource.address}: has no policy")
                continue
            for action in actions:
                of_objects = kind == "aws_s3_bucket" and action.endswith("Object")
                target = Target(resource["arn"] + ("/run=1/x" if of_objects else ""), place.account, policy)
                answers = {
                    "somebody in plain text": decide(ours, action, target, plain),
                    "another account": decide(theirs, action, target),
                    "somebody without a name": decide(ANONYMOUS, action, target),
                }
                found += [
                    f"{resource.address}: {action} is not denied to {who}"
                    for who, answer in answers.items()
                    if answer != Decision.DENIED
                ]
                if decide(ours, action, target) != Decision.ALLOWED:
                    found.append(f"{resource.address}: {action} is denied even to a role that may everything")
        kept = [(policy[1], r[policy[1]]) for policy in [GUARDED[kind]] for r in state.of(policy[0])]
        found += [f"{kind}: two policies on {name[1]}" for name in set(kept) if kept.count(name) > 1]
    return found


def unlocked_key(state: State) -> list[str]:
    """Whoever may use the key without a role of ours, and services of ours that may not."""
    found = list(some(state, "aws_kms_key"))
    place, key = world(state), state.one("aws_kms_key")
    target = Target(key["arn"], place.account, key_policy(state), by_policy_only=True)
    theirs = Principal(_FOREIGN, f"arn:{place.partition}:iam::{_FOREIGN}:role/any", policies=_MAY_ALL)
    services = [Principal(service=f"{name}.amazonaws.com") for name in ("s3", "events", "lambda", "sns", "sqs", "rds")]
    for who in (theirs, ANONYMOUS, *services):
        found += [
            f"the key's policy lets {who.service or who.role_arn or 'anybody'} {action}"
            for action in ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:PutKeyPolicy")
            if decide(who, action, target, {"aws:SourceAccount": _FOREIGN}) == Decision.ALLOWED
        ]
    role = Principal(place.account, f"arn:{place.partition}:iam::{place.account}:role/none")
    if decide(role, "kms:Decrypt", target) == Decision.ALLOWED:
        found.append("the key's policy lets every role of the account decrypt, whatever its own policies say")
    owner = Principal(place.account, f"arn:{place.partition}:iam::{place.account}:role/owner", policies=_MAY_ALL)
    if decide(owner, "kms:PutKeyPolicy", target) != Decision.ALLOWED:
        found.append("nobody of the account may change the key's policy any more")
    roles = f"arn:{place.partition}:iam::{place.account}:role/aws-service-role"
    linked = Principal(place.account, f"{roles}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")
    for action in (
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:DescribeKey",
    ):
        if decide(linked, action, target) != Decision.ALLOWED:
            found.append(f"Auto Scaling may not {action}: no machine with an encrypted volume would start")
    if decide(linked, "kms:CreateGrant", target, {"kms:GrantIsForAWSResource": "true"}) != Decision.ALLOWED:
        found.append("Auto Scaling may not hand the key to EC2: no machine with an encrypted volume would start")
    if decide(linked, "kms:CreateGrant", target, {"kms:GrantIsForAWSResource": "false"}) == Decision.ALLOWED:
        found.append("Auto Scaling may hand the key to anybody")
    return found
