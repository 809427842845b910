package dev.provision.schema.diagnostics;

/** How bad it is: with an error nothing is touched. */
public enum Severity {
    ERROR, WARNING, NOTE
}
