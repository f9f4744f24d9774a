"""A back end of the Terraform double: resources exist in a moto server. See README.md."""

from tests.doubles.terraform.moto.backend import Moto, NotUnderstoodError
from tests.doubles.terraform.moto.clients import Aws, Clients
from tests.doubles.terraform.moto.listing import listing
from tests.doubles.terraform.moto.server import MotoServer
from tests.doubles.terraform.moto.table import KINDS

__all__ = ["KINDS", "Aws", "Clients", "Moto", "MotoServer", "NotUnderstoodError", "listing"]
