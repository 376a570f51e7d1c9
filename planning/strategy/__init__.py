"""Register app: strategic objectives and lines of effort, of options first and then of the plan."""
