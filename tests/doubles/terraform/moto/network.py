"""EC2's network: VPCs, subnets, gateways, addresses, endpoints."""

from collections.abc import Mapping
from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, first
from tests.doubles.terraform.place import Place


def tagged(kind: str, given: Arguments) -> Values:
    """The argument with which a call of EC2 tags what it makes."""
    tags = given.tags()
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def identified(aws: Aws, kind: str, id_: str) -> Values:
    """Id and ARN of something that EC2 made; it tells the id alone."""
    return {"id": id_, "arn": Place(aws("ec2").meta.region_name).arn("ec2", f"{kind}/{id_}")}


def retag(aws: Aws, given: Arguments, prior: Values) -> Values:
    """The update of what can change nothing but its tags."""
    aws("ec2").create_tags(Resources=[prior["id"]], Tags=given.tags())
    return {}


_DNS = {"EnableDnsSupport": "enable_dns_support", "EnableDnsHostnames": "enable_dns_hostnames"}


def _create_vpc(aws: Aws, given: Arguments) -> Values:
    asked = given.named(CidrBlock="cidr_block", InstanceTenancy="instance_tenancy")
    vpc_id = aws("ec2").create_vpc(**asked, **tagged("vpc", given))["Vpc"]["VpcId"]
    for theirs, ours in _DNS.items():
        if given[ours] is not None:
            aws("ec2").modify_vpc_attribute(VpcId=vpc_id, **{theirs: {"Value": given[ours]}})
    inside = [{"Name": "vpc-id", "Values": [vpc_id]}]
    table = aws("ec2").describe_route_tables(Filters=inside)["RouteTables"][0]["RouteTableId"]
    group = aws("ec2").describe_security_groups(Filters=inside)["SecurityGroups"][0]["GroupId"]
    acl = aws("ec2").describe_network_acls(Filters=inside)["NetworkAcls"][0]["NetworkAclId"]
    return {
        **identified(aws, "vpc", vpc_id),
        "main_route_table_id": table,
        "default_route_table_id": table,
        "default_security_group_id": group,
        "default_network_acl_id": acl,
    }


def _read_vpc(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_vpcs(VpcIds=[prior["id"]])["Vpcs"][0]
    values = {"cidr_block": found["CidrBlock"]}
    for theirs, ours in _DNS.items():
        name = theirs[0].lower() + theirs[1:]
        said = aws("ec2").describe_vpc_attribute(VpcId=prior["id"], Attribute=name)[theirs]["Value"]
        values |= {ours: said} if prior[ours] is not None else {}
    return values


def _create_subnet(aws: Aws, given: Arguments) -> Values:
    asked = given.named(VpcId="vpc_id", CidrBlock="cidr_block", AvailabilityZone="availability_zone")
    made = aws("ec2").create_subnet(**asked, **tagged("subnet", given))["Subnet"]
    if given["map_public_ip_on_launch"] is not None:
        aws("ec2").modify_subnet_attribute(
            SubnetId=made["SubnetId"], MapPublicIpOnLaunch={"Value": given["map_public_ip_on_launch"]}
        )
    zone = {"availability_zone": made["AvailabilityZone"], "availability_zone_id": made["AvailabilityZoneId"]}
    return {**identified(aws, "subnet", made["SubnetId"]), **zone}


def _read_subnet(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_subnets(SubnetIds=[prior["id"]])["Subnets"][0]
    public = prior["map_public_ip_on_launch"]
    return {
        "cidr_block": found["CidrBlock"],
        "map_public_ip_on_launch": found["MapPublicIpOnLaunch"] or (None if public is None else False),
    }


def _create_internet(aws: Aws, given: Arguments) -> Values:
    made = aws("ec2").create_internet_gateway(**tagged("internet-gateway", given))["InternetGateway"]
    if given["vpc_id"]:
        aws("ec2").attach_internet_gateway(InternetGatewayId=made["InternetGatewayId"], VpcId=given["vpc_id"])
    return identified(aws, "internet-gateway", made["InternetGatewayId"])


def _read_internet(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_internet_gateways(InternetGatewayIds=[prior["id"]])["InternetGateways"][0]
    attached = first(found["Attachments"])
    return {"vpc_id": attached["VpcId"] if attached else ""}


def _delete_internet(aws: Aws, prior: Values) -> None:
    if prior["vpc_id"]:
        aws("ec2").detach_internet_gateway(InternetGatewayId=prior["id"], VpcId=prior["vpc_id"])
    aws("ec2").delete_internet_gateway(InternetGatewayId=prior["id"])


def _create_address(aws: Aws, given: Arguments) -> Values:
    made = aws("ec2").allocate_address(**given.named(Domain="domain"), **tagged("elastic-ip", given))
    return {
        **identified(aws, "elastic-ip", made["AllocationId"]),
        "allocation_id": made["AllocationId"],
        "public_ip": made["PublicIp"],
    }


def _read_address(aws: Aws, prior: Values) -> Values | None:
    found = aws("ec2").describe_addresses(AllocationIds=[prior["id"]])["Addresses"][0]
    return {"public_ip": found["PublicIp"]}


def _create_nat(aws: Aws, given: Arguments) -> Values:
    asked = given.named(SubnetId="subnet_id", AllocationId="allocation_id", ConnectivityType="connectivity_type")
    made = aws("ec2").create_nat_gateway(**asked, **tagged("natgateway", given))["NatGateway"]
    return {"id": made["NatGatewayId"], "public_ip": made["NatGatewayAddresses"][0]["PublicIp"]}


def _read_nat(aws: Aws, prior: Values) -> Values | None:
    found = first(aws("ec2").describe_nat_gateways(NatGatewayIds=[prior["id"]])["NatGateways"])
    if not found or found["State"] in ("deleted", "deleting"):
        return None
    return {"subnet_id": found["SubnetId"]}


_ENDPOINT = {
    "VpcId": "vpc_id",
    "ServiceName": "service_name",
    "VpcEndpointType": "vpc_endpoint_type",
    "PolicyDocument": "policy",
    "RouteTableIds": "route_table_ids",
    "SubnetIds": "subnet_ids",
    "SecurityGroupIds": "security_group_ids",
    "PrivateDnsEnabled": "private_dns_enabled",
}


def _create_endpoint(aws: Aws, given: Arguments) -> Values:
    asked = given.named(**_ENDPOINT)
    made = aws("ec2").create_vpc_endpoint(**asked, **tagged("vpc-endpoint", given))["VpcEndpoint"]
    policy = {} if given["policy"] else {"policy": made["PolicyDocument"]}
    return identified(aws, "vpc-endpoint", made["VpcEndpointId"]) | policy


def _endpoint(aws: Aws, id_: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = first(aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"])
    return found


def _read_endpoint(aws: Aws, prior: Values) -> Values | None:
    found = _endpoint(aws, prior["id"])
    if not found or found["State"] == "deleted":
        return None
    return {
        "service_name": found["ServiceName"],
        "policy": as_before(prior["policy"], found["PolicyDocument"]),
        **{
            ours: _sorted_as(prior[ours], found.get(theirs))
            for theirs, ours in _ENDPOINT.items()
            if ours[-4:] == "_ids"
        },
        "security_group_ids": prior["security_group_ids"] and [group["GroupId"] for group in found["Groups"]],
    }


def _sorted_as(before: list[str] | None, found: list[str] | None) -> list[str] | None:
    """A set is the same in any order."""
    return before if sorted(before or []) == sorted(found or []) else found


KINDS = {
    "aws_vpc": Kind(_create_vpc, _read_vpc, lambda aws, prior: aws("ec2").delete_vpc(VpcId=prior["id"]), retag),
    "aws_subnet": Kind(
        _create_subnet, _read_subnet, lambda aws, prior: aws("ec2").delete_subnet(SubnetId=prior["id"]), retag
    ),
    "aws_internet_gateway": Kind(_create_internet, _read_internet, _delete_internet, retag),
    "aws_eip": Kind(
        _create_address, _read_address, lambda aws, prior: aws("ec2").release_address(AllocationId=prior["id"]), retag
    ),
    "aws_nat_gateway": Kind(
        _create_nat, _read_nat, lambda aws, prior: aws("ec2").delete_nat_gateway(NatGatewayId=prior["id"]), retag
    ),
    "aws_vpc_endpoint": Kind(
        _create_endpoint,
        _read_endpoint,
        lambda aws, prior: aws("ec2").delete_vpc_endpoints(VpcEndpointIds=[prior["id"]]),
        retag,
    ),
}
