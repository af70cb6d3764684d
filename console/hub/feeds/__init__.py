"""What comes into the hub from outside: calls for service and unit positions."""
