// Package apicheck holds the test that keeps the exported API in a golden file, so that
// each change of it shows in a diff. It has no code of its own.
package apicheck
