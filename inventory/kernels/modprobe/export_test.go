package modprobe

// ParseIndex reads the text of modules.dep.bin.
var ParseIndex = parseIndex
