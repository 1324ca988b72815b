package version_test

// tools are the native programs that make the tables.
var tools = []tool{
	alpmTool,
	apkTool,
	debTool,
	gemTool,
	golangTool,
	mavenTool,
	npmTool,
	opkgTool,
	pypiTool,
	rpmTool,
	semverTool,
}

// rangeTools are the native programs that make the tables of ranges.
var rangeTools = []rangeTool{
	gemRangeTool,
	mavenRangeTool,
	npmRangeTool,
	pypiRangeTool,
	semverRangeTool,
}
