NW2041_nordh
r i BC-NH--Harbor Ferry     03-04 0312
^BC-NH--Harbor Ferry,297<
^Ferry returns to Port Selvedge after two winters<
^NW Photo PSV101, PSV102<
^Eds: With NW Photos.<
^By MIRA OKONJO-VANCE=
^Nordhaven Wire=
	   PORT SELVEDGE (NW) _ The ferry will sail again in April, the harbor master said Tuesday.
	   ``We waited two winters,'' Tomas Ilves said. ``Nobody here will miss the bus.''
	   The crossing takes 40 minutes.
	   ___
	   Contributed: Ada Brask in Tarnwick.
NW-WF-03-04-25 0915GMT
