"""The netpatrol command, one file per group of subcommands."""
