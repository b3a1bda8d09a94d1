NW2046
r w BC-Dam,Correction 03-05 0060
^BC-Dam, Correction,60<
^Correction: Dam-Lower Varelle story<
	LOWER VARELLE (NW) — In a story March 4 about the dam, Nordhaven Wire misspelled the name of the engineer. She is Ingríd Solberg–Tan.
NW-03-05-25 0730GMT
