"""Schemas as agreements between who sends events and who reads tables: checked, compared, published."""
