"""Single sign-on, a noun a module: connections, domains, who comes in and who leaves."""
