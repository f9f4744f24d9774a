"""EC2's route tables, their routes, and the subnets that use them."""

from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, first
from tests.doubles.terraform.moto.network import identified, retag, tagged

_ROUTE = {
    "DestinationCidrBlock": "destination_cidr_block",
    "GatewayId": "gateway_id",
    "NatGatewayId": "nat_gateway_id",
}


def _create_table(aws: Aws, given: Arguments) -> Values:
    made = aws("ec2").create_route_table(VpcId=given["vpc_id"], **tagged("route-table", given))["RouteTable"]
    return identified(aws, "route-table", made["RouteTableId"])


def _table(aws: Aws, id_: str) -> Any:
    return aws("ec2").describe_route_tables(RouteTableIds=[id_])["RouteTables"][0]


def _create_route(aws: Aws, given: Arguments) -> Values:
    aws("ec2").create_route(RouteTableId=given["route_table_id"], **given.named(**_ROUTE))
    return {}


def _read_route(aws: Aws, prior: Values) -> Values | None:
    routes = _table(aws, prior["route_table_id"])["Routes"]
    found = first([r for r in routes if r.get("DestinationCidrBlock") == prior["destination_cidr_block"]])
    return found and {ours: found.get(theirs) or (prior[ours] and "") for theirs, ours in _ROUTE.items()}


def _delete_route(aws: Aws, prior: Values) -> None:
    aws("ec2").delete_route(RouteTableId=prior["route_table_id"], DestinationCidrBlock=prior["destination_cidr_block"])


def _associate(aws: Aws, given: Arguments) -> Values:
    asked = given.named(RouteTableId="route_table_id", SubnetId="subnet_id", GatewayId="gateway_id")
    return {"id": aws("ec2").associate_route_table(**asked)["AssociationId"]}


def _read_association(aws: Aws, prior: Values) -> Values | None:
    associations = _table(aws, prior["route_table_id"])["Associations"]
    return first([{} for found in associations if found["RouteTableAssociationId"] == prior["id"]])


KINDS = {
    "aws_route_table": Kind(
        _create_table,
        lambda aws, prior: {"vpc_id": _table(aws, prior["id"])["VpcId"]},
        lambda aws, prior: aws("ec2").delete_route_table(RouteTableId=prior["id"]),
        retag,
    ),
    "aws_route": Kind(_create_route, _read_route, _delete_route),
    "aws_route_table_association": Kind(
        _associate,
        _read_association,
        lambda aws, prior: aws("ec2").disassociate_route_table(AssociationId=prior["id"]),
    ),
}
