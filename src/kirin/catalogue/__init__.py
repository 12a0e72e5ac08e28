"""The model catalogue: parameters, rules, sizes and prices as data, which everything else reads."""
