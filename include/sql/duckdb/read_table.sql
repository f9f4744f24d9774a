select *
from {atomic}.events
