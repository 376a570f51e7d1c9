"""Register app: the DIME toolbox, policy options, their risks and their comparison."""
