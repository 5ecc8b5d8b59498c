"""Everything that stands around the product on one machine."""
