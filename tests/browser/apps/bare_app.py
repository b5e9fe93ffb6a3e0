"""What `scripts/bench --start` holds our page against: Streamlit's own slider and chart alone."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

rate = st.slider("Learning rate", 0.0, 1.0, 0.1)
epochs = np.arange(1, 201)
st.plotly_chart(go.Figure(go.Scatter(x=epochs, y=np.sin(rate * epochs))))
