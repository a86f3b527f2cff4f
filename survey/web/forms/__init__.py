"""Forms: the only place where WTForms and questions meet; macros write the markup."""
