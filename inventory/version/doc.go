// Package version orders versions the way the software that they belong to does.
package version
