// Package sys holds the system calls of the file tree, on Windows of the registry and the
// services as well, and their conversion, nothing that decides. What is not tagged for one operating system is arithmetic on the
// numbers that all of Unix shares.
package sys
