// Package checktest provides tests for checks. [Conform] tests the properties that every rule must
// have, including its behavior if a read fails. [Golden] compares outcomes with those in a file.
// [Judge] returns the result of a single check.
//
// Package inventorytest creates the examined systems from text.
package checktest
