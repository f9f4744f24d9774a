"""EC2's security groups and their rules."""

from collections.abc import Callable

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, first
from tests.doubles.terraform.moto.network import identified, retag, tagged

_OPEN = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def _create_group(aws: Aws, given: Arguments) -> Values:
    description = given["description"] or "Managed by Terraform"
    asked = given.named(GroupName="name", VpcId="vpc_id")
    id_ = aws("ec2").create_security_group(**asked, Description=description, **tagged("security-group", given))[
        "GroupId"
    ]
    aws("ec2").revoke_security_group_egress(GroupId=id_, IpPermissions=_OPEN)  # as the provider does with a new group
    return identified(aws, "security-group", id_)


def _read_group(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_security_groups(GroupIds=[prior["id"]])["SecurityGroups"][0]
    return {"name": found["GroupName"], "description": found["Description"], "vpc_id": found["VpcId"]}


def _adopt_default(aws: Aws, given: Arguments) -> Values:
    inside = [{"Name": "vpc-id", "Values": [given["vpc_id"]]}, {"Name": "group-name", "Values": ["default"]}]
    found = aws("ec2").describe_security_groups(Filters=inside)["SecurityGroups"][0]
    for kind, rules in (("ingress", found["IpPermissions"]), ("egress", found["IpPermissionsEgress"])):
        if rules:
            getattr(aws("ec2"), f"revoke_security_group_{kind}")(GroupId=found["GroupId"], IpPermissions=rules)
    if given.tags():
        aws("ec2").create_tags(Resources=[found["GroupId"]], Tags=given.tags())
    said = {"name": "default", "description": found["Description"], "ingress": [], "egress": []}
    return identified(aws, "security-group", found["GroupId"]) | said


def _rule(kind: str) -> Kind:
    """A rule of one direction, as a resource."""

    def create(aws: Aws, given: Arguments) -> Values:
        sent = given.named(IpProtocol="ip_protocol", FromPort="from_port", ToPort="to_port")
        why = given.named(Description="description")
        if given["cidr_ipv4"]:
            sent["IpRanges"] = [{"CidrIp": given["cidr_ipv4"], **why}]
        if given["cidr_ipv6"]:
            sent["Ipv6Ranges"] = [{"CidrIpv6": given["cidr_ipv6"], **why}]
        if given["referenced_security_group_id"]:
            sent["UserIdGroupPairs"] = [{"GroupId": given["referenced_security_group_id"], **why}]
        if given["prefix_list_id"]:
            sent["PrefixListIds"] = [{"PrefixListId": given["prefix_list_id"], **why}]
        authorize: Callable[..., Values] = getattr(aws("ec2"), f"authorize_security_group_{kind}")
        made = authorize(
            GroupId=given["security_group_id"], IpPermissions=[sent], **tagged("security-group-rule", given)
        )
        id_ = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return {**identified(aws, "security-group-rule", id_), "security_group_rule_id": id_}

    def read(aws: Aws, prior: Values) -> Values | None:
        inside = [{"Name": "group-id", "Values": [prior["security_group_id"]]}]
        rules = aws("ec2").describe_security_group_rules(Filters=inside)["SecurityGroupRules"]
        found = first([rule for rule in rules if rule["SecurityGroupRuleId"] == prior["id"]])
        return found and {
            "ip_protocol": found["IpProtocol"],
            "from_port": found.get("FromPort"),
            "to_port": found.get("ToPort"),
            "cidr_ipv4": found.get("CidrIpv4"),
            "referenced_security_group_id": found.get("ReferencedGroupInfo", {}).get("GroupId"),
        }

    def delete(aws: Aws, prior: Values) -> None:
        revoke = getattr(aws("ec2"), f"revoke_security_group_{kind}")
        revoke(GroupId=prior["security_group_id"], SecurityGroupRuleIds=[prior["id"]])

    return Kind(create, read, delete, retag)


KINDS = {
    "aws_security_group": Kind(
        _create_group, _read_group, lambda aws, prior: aws("ec2").delete_security_group(GroupId=prior["id"]), retag
    ),
    "aws_default_security_group": Kind(
        _adopt_default,
        _read_group,
        lambda aws, prior: None,  # it goes with its VPC
        retag,
        {"name": "EC2 named it"},
    ),
    "aws_vpc_security_group_ingress_rule": _rule("ingress"),
    "aws_vpc_security_group_egress_rule": _rule("egress"),
}
