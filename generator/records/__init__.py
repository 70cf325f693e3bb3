"""The formats that live beside rendered files: release records, holds, and the records of retirements."""
