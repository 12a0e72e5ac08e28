"""The models: their parameters, rules, sizes and prices, as data that everything else reads."""
