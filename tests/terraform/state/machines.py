"""Machines: private, without keys of persons, and careful with what was entrusted to them."""

import re
from collections.abc import Iterator

from tests.doubles.terraform.state import Resource, State
from tests.terraform.state.world import blocks, by, some, stage_of, template_of, user_data, world, written_files


def exposed(state: State) -> list[str]:
    """Machines and databases with a way from the internet that leads past the load balancer."""
    found = list(some(state, "aws_launch_template", "aws_autoscaling_group", "aws_subnet", "aws_db_instance"))
    public = public_subnets(state)
    for group in state.of("aws_autoscaling_group"):
        used = set(group["vpc_zone_identifier"] or [])
        if not used or used & public:
            found.append(f"{group.address}: its subnets {'have a route to the internet' if used else 'are not known'}")
        if len(used) < 2:
            found.append(f"{group.address}: lies in one zone")
    for subnets in state.of("aws_db_subnet_group"):
        if set(subnets["subnet_ids"]) & public:
            found.append(f"{subnets.address}: a subnet has a route to the internet")
    for subnet in state.of("aws_subnet"):
        if subnet["map_public_ip_on_launch"] and subnet["id"] not in public:
            found.append(f"{subnet.address}: gives public addresses")
    for template in state.of("aws_launch_template"):
        interfaces = blocks(template.values, "network_interfaces")
        if not interfaces or any(str(i["associate_public_ip_address"]).lower() != "false" for i in interfaces):
            found.append(f"{template.address}: its machines get a public address")
    for database in state.of("aws_db_instance"):
        if database["publicly_accessible"]:
            found.append(f"{database.address}: has a public address")
    used_addresses = {nat["allocation_id"] for nat in state.of("aws_nat_gateway")}
    for address in state.of("aws_eip"):
        if address["id"] not in used_addresses and address["allocation_id"] not in used_addresses:
            found.append(f"{address.address}: a public address of no NAT gateway")
    return found + [f"{instance.address}: a machine outside of a group" for instance in state.of("aws_instance")]


def public_subnets(state: State) -> set[str]:
    """Subnets whose route table leads to an internet gateway, and those that have no table of their own."""
    gateways = {gateway["id"] for gateway in state.of("aws_internet_gateway")}
    public = {
        route["route_table_id"] for route in state.of("aws_route") if (route.values.get("gateway_id") or "") in gateways
    }
    for table in state.of("aws_route_table"):
        if any((route.get("gateway_id") or "") in gateways for route in blocks(table.values, "route")):
            public.add(table["id"])
    tables = {a["subnet_id"]: a["route_table_id"] for a in state.of("aws_route_table_association")}
    return {s["id"] for s in state.of("aws_subnet") if tables.get(s["id"]) is None or tables[s["id"]] in public}


def careless(state: State) -> list[str]:
    """Machines with an SSH key, with instance metadata for everybody, or with a root volume as the image has it."""
    found = list(some(state, "aws_launch_template"))
    for template in state.of("aws_launch_template"):
        if template.values.get("key_name"):
            found.append(f"{template.address}: has an SSH key")
        for options in blocks(template.values, "metadata_options") or [{}]:
            if options.get("http_tokens") != "required" or options.get("http_endpoint") != "enabled":
                found.append(f"{template.address}: instance metadata without a session (IMDSv1)")
            if (options.get("http_put_response_hop_limit") or 2) > 1:
                found.append(f"{template.address}: instance metadata beyond the machine itself")
        if "/dev/xvda" not in {m["device_name"] for m in blocks(template.values, "block_device_mappings")}:
            found.append(f"{template.address}: the root volume is as the image has it")
        if not blocks(template.values, "iam_instance_profile"):
            found.append(f"{template.address}: has no role")
    return found + [f"{pair.address}: an SSH key" for pair in state.of("aws_key_pair")]


def forgetful(state: State) -> list[str]:
    """Data volumes that go with their machine, and machines that go before their spill is sent on."""
    found = list(some(state, "aws_launch_template", "aws_autoscaling_group", "aws_autoscaling_lifecycle_hook"))
    groups = by(state.of("aws_autoscaling_group"), "name")
    for group in groups.values():
        template = template_of(state, group)
        for mapping in blocks(template.values, "block_device_mappings"):
            for volume in blocks(mapping, "ebs"):
                kept = str(volume["delete_on_termination"]).lower() == "false"
                if mapping["device_name"] != "/dev/xvda" and not kept:
                    found.append(f"{template.address}: {mapping['device_name']} goes with its machine")
        found += _untagged(group, template)
    found += _undrained(state, groups)
    return found


def _untagged(group: Resource, template: Resource) -> Iterator[str]:
    """A kept volume is found again by its tags."""
    tagged = {spec["resource_type"]: spec["tags"] or {} for spec in blocks(template.values, "tag_specifications")}
    if tagged.get("volume", {}).get("Stage") != stage_of(group):
        yield f"{template.address}: its volumes do not say whose they were"


def _undrained(state: State, groups: dict[str, Resource]) -> Iterator[str]:
    place = world(state)
    hooks = {hook["autoscaling_group_name"]: hook for hook in state.of("aws_autoscaling_lifecycle_hook")}
    collectors = [group for group in groups.values() if stage_of(group) == "collector"]
    if not collectors or any(group["name"] not in hooks for group in collectors):
        yield "the collector's machines go without waiting for their spill"
    for name, hook in hooks.items():
        if name not in groups:
            yield f"{hook.address}: there is no group {name}"
            continue
        if hook["lifecycle_transition"] != "autoscaling:EC2_INSTANCE_TERMINATING":
            yield f"{hook.address}: does not wait when a machine goes"
        if hook["heartbeat_timeout"] < 120:
            yield f"{hook.address}: a heartbeat each minute comes too late"
        template = template_of(state, groups[name])
        text = written_files(template).get("/etc/snowmelt/drain.env", "")
        told = dict(line.partition("=")[::2] for line in text.splitlines())
        wanted = {"GROUP": name, "HOOK": hook["name"], "NAMESPACE": place.name, "STAGE": stage_of(groups[name])}
        for key, value in wanted.items():
            if told.get(key) != value:
                yield f"{hook.address}: the machine's {key} is {told.get(key)}, not {value}"
        mounts = re.findall(r"volume\.sh\W+/dev/\S+?\W+(/[a-z/]*)", user_data(template))
        if not any(told.get("SPILL", "").startswith(mount) for mount in mounts):
            yield f"{hook.address}: the spill {told.get('SPILL')} is not on the volume that is kept"


def unrenewed(state: State) -> list[str]:
    """Groups whose machines are not replaced when what they are made of changes, or all at once."""
    found = list(some(state, "aws_autoscaling_group"))
    for group in state.of("aws_autoscaling_group"):
        preferences = blocks(group.values, "instance_refresh.preferences")
        if not preferences:
            found.append(f"{group.address}: a change reaches no machine")
        if any((p["min_healthy_percentage"] or 0) < 100 or not p["auto_rollback"] for p in preferences):
            found.append(f"{group.address}: a refresh takes machines away first, or is not taken back when it fails")
        if group["target_group_arns"] and group["health_check_type"] != "ELB":
            found.append(f"{group.address}: what the load balancer finds ill is not replaced")
    return found
