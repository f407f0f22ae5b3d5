set(libraries submission_checks)
