"""What tests are made with: builders of records, running hubs, cut wires."""
